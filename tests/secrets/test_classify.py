"""Classification of texts as tokens, passwords, placeholders or references, in linear time."""

import random
import string

import pytest

from iacpolicy.secrets.text.classify import Trust, is_secret_text
from iacpolicy.secrets.text.embedded import environment_secrets, secrets_in, trust_of
from iacpolicy.secrets.text.sql_passwords import sql_passwords
from iacpolicy.secrets.text.tokens import tokens

LETTERS = string.ascii_letters + string.digits


def made(size: int, letters: str = LETTERS) -> str:
    """Return characters of a token, equal in every run; made here, so that no file contains a token."""
    return "".join(random.Random(size).choices(letters, k=size))


HEX = "0123456789abcdef"
TOKENS = {
    "github": "gh" + "p_" + made(36),
    "github fine-grained": "github" + "_pat_" + made(22) + "_" + made(59),
    "gitlab": "gl" + "pat-" + made(20),
    "slack": "xo" + "xb-" + made(12, string.digits) + "-" + made(24),
    "slack webhook": "https://hooks.slack" + ".com/services/T" + made(8) + "/B" + made(8) + "/" + made(24),
    "stripe": "sk" + "_live_" + made(24),
    "stripe restricted": "rk" + "_test_" + made(24),
    "stripe webhook": "wh" + "sec_" + made(32),
    "google": "AI" + "za" + made(35),
    "vault": "hv" + "s." + made(24),
    "supabase": "sb" + "p_" + made(40, HEX),
    "grafana service account": "gl" + "sa_" + made(32) + "_" + made(8, HEX),
    "grafana cloud": "gl" + "c_" + made(48),
    "npm": "np" + "m_" + made(36),
    "sendgrid": "S" + "G." + made(22) + "." + made(43),
    "render": "rn" + "d_" + made(28),
    "private key": "-----BEGIN EC PRIVATE" + " KEY-----\n" + made(64) + "\n-----END EC PRIVATE KEY-----",
    "jwt": "ey" + "JhbGciOiJIUzI1NiJ9." + "ey" + "JzdWIiOiIxMjM0In0." + made(43),
}


@pytest.mark.parametrize("name", TOKENS)
def test_a_token_is_found_anywhere(name: str) -> None:
    """A token is found by its format alone, inside other text."""
    token = TOKENS[name]
    text = f'note = "see {token} there"'
    assert [text[a:b] for a, b in tokens(text)] == [token]
    assert is_secret_text(token, Trust.NONE)


def test_an_access_key_id_counts_with_its_secret_key() -> None:
    """An access key id alone is no secret, and neither is the pair in the documentation of AWS."""
    key_id, key = "AK" + "IA" + made(16, string.ascii_uppercase), made(40)
    assert list(tokens(f"id {key_id}")) == []
    text = f'id = "{key_id}", key = "{key}"'
    assert [text[a:b] for a, b in tokens(text)] == [key_id, key]
    assert list(tokens("AKIAIOSFODNN7EXAMPLE wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")) == []


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----",
        "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqh\n-----END PUBLIC KEY-----",
        "https://shop.invalid/path?a=b:c",
        "postgres://user@host/db",
        "git@github.com:shop/shop.git",
        "sk_live_short",
        "xoxb-1",
    ],
)
def test_no_token(text: str) -> None:
    """Public keys, URLs without credentials and prefixes of formats are no tokens."""
    assert list(tokens(text)) == []


@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("hunter2", Trust.EXPLICIT),
        ("changeme", Trust.EXPLICIT),
        ("Winter2024!", Trust.MIXED),
        ("4711", Trust.SURE),
        ("f27c90be41d8a6635e0b9d17c4a2f8e3", Trust.CONTAINER),
        ("Zc9Kd2M8Vn3Xt7Lq1Wb5", Trust.CONTAINER),
        ("eu-central-1", Trust.EXPLICIT),
        ("db.shop.invalid", Trust.SURE),
        ("my-bucket", Trust.EXPLICIT),
        ("my-db-secret", Trust.SURE),
        ("postgres://a:Pfad4Wand@host/db", Trust.NONE),
    ],
)
def test_higher_trust_accepts_more_texts(text: str, least: Trust) -> None:
    """A text that counts at one degree of trust counts at all higher degrees."""
    assert [t for t in Trust if is_secret_text(text, t)] == [t for t in Trust if t >= least]


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "null", "xxxx", "****", "....", "<secret>", "${var.x}", "{{password}}", "%DB_PASSWORD%", "$TOKEN"),
        *("REPLACE_ME", "replace-me", "your-api-key", "insert token here", "TODO", "placeholder", "(sensitive value)"),
        *("arn:aws:iam::123456789012:role/x", "/run/secrets/db", "./key.pem", "secret/data/shop", "op://a/b/c"),
        *("projects/p/secrets/s/versions/1", "sha256:" + "a" * 64, "ssh-ed25519 AAAAC3Nz x", "GITHUB_TOKEN"),
        *("true", "disabled", "AKIAIOSFODNN7EXAMPLE", "https://login.invalid/token", "vault:secret/x"),
    ],
)
def test_never_a_secret(text: str) -> None:
    """Placeholders, references, paths, digests, public keys and switches are no secrets at any trust."""
    assert not any(is_secret_text(text, trust) for trust in Trust)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"user": "a", "password": "Rotwein-3"}', ["Rotwein-3"]),
        ("host=db password=Rotwein-3 user=a", ["Rotwein-3"]),
        ("Server=db;Password=Rotwein-3;Encrypt=yes", ["Rotwein-3"]),
        ("export API_TOKEN='tk-Rotwein-3'", ["tk-Rotwein-3"]),
        ("export API_TOKEN=$TOKEN PASSWORD=${P} SECRET=$(get)", []),
        ("psql --password Rotwein-3 --host db", ["Rotwein-3"]),
        ("db:\n  password: changeme\n  port: 5432\n", ["changeme"]),
        ("The password: it is in the safe", []),
        ("max_tokens=4096 token_ttl=3600 key=value", []),
        ('[{"name": "DB_PASSWORD", "value": "Rotwein-3"}]', ["Rotwein-3"]),
        ('{"public_key": "abc123def456", "secret_name": "shop-db1"}', []),
        ("curl -H 'Authorization: Bearer aB3dE5fG7hJ9kL1mN3pQ'", ["aB3dE5fG7hJ9kL1mN3pQ"]),
    ],
)
def test_secrets_in_documents(text: str, found: list[str]) -> None:
    """A value counts by the name of a secret before it; a reference does not."""
    assert [text[a:b] for a, b in secrets_in(text, True)] == found


def test_sql() -> None:
    """Literals after PASSWORD count, except in comments and NULL."""
    text = "create role a password 'Rotwein-3'; -- password 'no'\nalter role b password null; select 'password';"
    assert [text[a:b] for a, b in sql_passwords(text)] == ["Rotwein-3"]


@pytest.mark.parametrize(
    ("name", "trust"),
    [
        ("db_password", Trust.SURE),
        ("PGPASSWORD", Trust.SURE),
        ("basicAuthPassword", Trust.SURE),
        ("password_wo", Trust.SURE),
        ("api_token", Trust.NAMED),
        ("STRIPE_SECRET_KEY", Trust.EXPLICIT),
        ("stripe_secret_key", Trust.NAMED),
        ("password_length", Trust.NONE),
        ("secret_arn", Trust.NONE),
        ("name", Trust.NONE),
    ],
)
def test_trust_of_names(name: str, trust: Trust) -> None:
    """The name of a password has the highest trust."""
    assert trust_of(name) is trust


HOSTILE = {
    "beginnings of tokens": "eyJ-" * 250_000,
    "beginnings of URLs": "://:a" * 200_000,
    "beginnings of keys": "-----BEGIN PRIVATE KEY-----" * 40_000,
    "one long word": "A" * 1_000_000,
    "assignments": "password=" * 100_000,
    "open quotes": '"password":"' * 80_000,
    "options": "--password " * 90_000,
    "mappings": "password: " * 100_000,
    "underscores": "data" + "_" * 1_000_000,
    "spaces": " " * 1_000_000,
    "escapes": '"password": "' + "\\" * 1_000_000,
    "SQL quotes": "password '" + "'" * 1_000_000,
    "dots": "a." * 500_000,
    "placeholders": "your-" * 200_000,
    "commands": "mysql curl login net user ldapadd redis-cli " * 8_000,
    "open commands": ("curl " + "-u " * 90 + "\n") * 800,
    "echoes": "stdin chpasswd " + "echo " * 100_000,
    "headers": "'X-Api-Key:" * 40_000,
    "one long header": "'X-Key: " + "a" * 1_000_000,
    "flow": "{password: " * 40_000,
    "names and values": "name: a\n  value: " * 50_000,
    "variables": "A=" * 500_000,
    "comments after values": "A=b" + " #" * 500_000,
    "routing keys": "*." * 500_000,
    "dollars": "$a" * 500_000,
    "dots at the end": "x" * 1_000_000 + "..",
    "functions": "vault.create_secret(" * 20_000,
    "dollar quotes": "$$ as " * 100_000,
    "arguments": "f(" + "'a'," * 200_000,
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.timeout(60)
def test_hostile_text_takes_bounded_time(name: str) -> None:
    """Every search is linear in the length of a text; a quadratic one would not finish before the timeout."""
    text = HOSTILE[name]
    for _ in (*secrets_in(text, True), *sql_passwords(text), *environment_secrets(text)):
        pass
    for trust in Trust:
        is_secret_text(text, trust)
