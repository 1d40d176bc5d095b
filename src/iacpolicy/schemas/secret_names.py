"""Names of secrets.

In English, the last word of a compound gives its meaning: `registry_token` is a token, `token_ttl` is a time,
`secret_name` a name. So a name is read from its end: endings without a meaning (`_wo`, `_value`, `_PROD`, `_V2`) are
removed, and then the name must end in a word or phrase for a secret.
"""

from iacpolicy.core.lazy_regex import lazy_pattern


def words(text: str) -> frozenset[str]:
    """Return a table of words, written as text."""
    return frozenset(text.split())


_IN_NAME = lazy_pattern(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")

_SECRETS = words("""
    password passwords passwd pwd pw pass passphrase psk passcode secret secrets token tokens credential credentials
    jwt bearer authorization apikey dsn conninfo kubeconfig secretkey accesskey privatekey connectionstring
    htpasswd
""")
_GLUED = ("password", "passwd", "secret", "token", "apikey", "secretkey", "privatekey", "connectionstring")
_SECRET_KEYS = words("""
    api access secret private signing encryption decryption account client service master auth shared session
    admin hmac cipher license integration routing ingest ingestion app application role jwt rsa ecdsa ssl tls
    server deploy authentication stripe openai anthropic sendgrid mailgun postmark resend twilio datadog
    newrelic pagerduty storage preshared livekit mux agora pusher cloudinary fernet
""")
_CONNECTIONS = words("""
    connection conn database db postgres postgresql pg pooler redis valkey mongo mongodb mysql mariadb mssql
    sqlserver clickhouse amqp amqps rabbitmq cloudamqp broker jdbc smtp nats
""")
_LOCATORS = frozenset(["url", "uri", "string", "str"])
_PHRASES = frozenset(
    tuple(phrase.split("_"))
    for phrase in words("""
    secret_key_base password_hash service_account_json id_rsa id_ed25519 slack_webhook slack_webhook_url
    discord_webhook discord_webhook_url teams_webhook_url github_pat gitlab_pat
""")
)
_DECORATIONS = words("""
    wo value values string text plaintext plain raw binary base64 b64 encoded json pem openssh pkcs8 data base
    prod production staging stage dev development test live sandbox default main old new current previous next
    primary secondary backup first second pooled pooling unpooled non direct readonly replica v1 v2 v
""")
# `max_tokens`, `page_token`, `public_key`, `encrypted_password`: the word before it marks a harmless value.
_HARMLESS_BEFORE = words("""
    max min num total prompt completion input output context http required next page continuation pagination
    cancel encrypted sealed hashed public publishable anon kms
""")
_PUBLIC = frozenset(("public", "publishable", "anon"))
_SWITCHES = words("""
    manage generate enable enabled disable use uses allow allowed require requires has is with without skip
    reset rotate force send show hide change update revoke validate verify ignore can should must need needs
    expire
""")


# Endings of names that describe a harmless value, whatever the rest of the name is.
_TELLING = words(
    """id ids arn arns name names user username sha commit revision rev digest checksum fingerprint etag version
    tag tags bucket path dir directory file filename host hostname port region zone email domain queue topic table
    image schema database endpoint issuer audience scope scopes type mode level env stage role algorithm expiry ttl
    timeout address zones cidr cidrs block blocks engine driver dialect protocol scheme format provider kind class size
    identifier realm tenant owner team project org organization branch locale language timezone currency interval
    schedule"""
)


def is_secret_name(name: str) -> bool:
    """Report whether the name of an attribute, variable, map key or environment variable is that of a secret."""
    parts = [word.lower() for word in _IN_NAME.findall(name[:200])]
    if "for" in parts[1:]:
        parts = parts[: parts.index("for", 1)]
    if parts and parts[0] in _SWITCHES:
        return False
    while parts:
        if _ends_in_secret(parts):
            return True
        if parts[-1] not in _DECORATIONS and not parts[-1].isdigit():
            return False
        parts.pop()
    return False


def _ends_in_secret(parts: list[str]) -> bool:
    head = parts[-1]
    before = parts[-2] if len(parts) > 1 else ""
    if before in _HARMLESS_BEFORE:
        return False
    if head in _SECRETS or head.endswith(_GLUED):
        return head not in ("dsn", "token", "apikey") or _PUBLIC.isdisjoint(parts)
    if head in ("key", "keys"):
        public = not _PUBLIC.isdisjoint(parts) and before not in ("secret", "private")
        return before in _SECRET_KEYS and not public and "kms" not in parts
    if head in _LOCATORS and before in _CONNECTIONS:
        return True
    return any(tuple(parts[-len(phrase) :]) == phrase for phrase in _PHRASES)


def is_harmless_name(name: str) -> bool:
    """Report whether a name is that of an identifier, a name, a place or a digest."""
    last = name.replace("-", "_").replace(".", "_").rpartition("_")[2]
    return last.lower() in _TELLING or last[-2:] in ("Id", "ID") or last.lower().endswith(("mode", "name"))
