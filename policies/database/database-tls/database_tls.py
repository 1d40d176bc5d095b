"""A connection to a database that is not encrypted, or not to the server it should be, gives passwords away."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation

LOCAL = ("localhost", "127.0.0.1", "::1")
UNVERIFIED = {
    "disable": "does not encrypt",
    "allow": "encrypts only if the server insists",
    "prefer": "goes on in the clear where the server has no TLS",
    "require": "encrypts, but does not look at whose server it is",
}
FORCED = ("rds.force_ssl", "require_secure_transport")

META = Meta(
    id="database-tls",
    title="Connections to the database are not secured by TLS",
    severity=Severity.HIGH,
    on=("supabase_settings", "provider", "aws_db_parameter_group", "aws_rds_cluster_parameter_group"),
    why=(
        "Supabase takes connections in the clear until `ssl_enforcement` is on. The PostgreSQL provider's default "
        "`sslmode`, `require`, encrypts without a look at the certificate: whoever sits in between gets the password "
        "of the role that may do everything."
    ),
    fix=(
        'Set `ssl_enforcement = true` in `supabase_settings`, and `sslmode = "verify-full"` with `sslrootcert` in '
        "the provider; leave `rds.force_ssl` at 1."
    ),
    references=(
        "https://supabase.com/docs/guides/platform/ssl-enforcement",
        "https://www.postgresql.org/docs/current/libpq-ssl.html",
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html",
    ),
)


def check(subject: Resource, graph: Graph) -> Iterator[Violation]:
    """The server's side where it can be set, and the provider's where it connects."""
    if subject.type == "supabase_settings":
        enforcement = subject["ssl_enforcement"]
        if enforcement.is_null:
            yield Violation("ssl_enforcement is not set, so connections in the clear are taken", at=enforcement)
        elif enforcement == False:
            yield Violation("ssl_enforcement is off", at=enforcement)
    elif subject.kind == "provider":
        if subject.name.partition(".")[0] == "postgresql":
            yield from _provider(subject)
    else:
        for parameter in subject["parameter"]:
            if parameter["name"].is_one_of(FORCED) and parameter["value"].is_one_of(("0", 0, "OFF", "off")):
                yield Violation(f"{parameter['name']} is off", at=parameter["value"])


def _provider(provider: Resource) -> Iterator[Violation]:
    if provider["host"].is_one_of(LOCAL) or provider["host"].test(_is_socket, "is a socket"):
        return
    mode = provider["sslmode"]
    if mode.is_null:
        yield Violation("sslmode is not set: the default, require, does not look at whose server it is", at=mode)
        return  # equivalent: null is no mode
    for name, words in UNVERIFIED.items():
        if mode == name:
            yield Violation(f"sslmode {name} {words}", at=mode)


def _is_socket(host: object) -> bool:
    return str(host).startswith("/")
