"""Database connections that are not encrypted, or whose server is not verified."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation

LOCAL = ("localhost", "127.0.0.1", "::1")
UNVERIFIED = {
    "disable": "does not encrypt the connection",
    "allow": "encrypts only if the server demands it",
    "prefer": "falls back to an unencrypted connection",
    "require": "encrypts, but does not verify the server",
}
FORCED = ("rds.force_ssl", "require_secure_transport")

# The remediation by product.
SUPABASE = "Set `ssl_enforcement = true`."
PROVIDER = 'Set `sslmode = "verify-full"`, and `sslrootcert` to the certificate of the server\'s authority.'
PARAMETER = "Set `rds.force_ssl` to 1, or `require_secure_transport` to ON."

META = Meta(
    id="database-tls",
    title="Database connections are not secured by TLS",
    severity=Severity.HIGH,
    on=("supabase_settings", "provider", "aws_db_parameter_group", "aws_rds_cluster_parameter_group"),
    why=(
        "Without TLS, anyone on the network can read the password and the data. Supabase accepts unencrypted "
        'connections until `ssl_enforcement` is on. With `sslmode = "require"`, the server is not verified, and an '
        "attacker can impersonate it."
    ),
    fix=f"`supabase_settings`: {SUPABASE} PostgreSQL provider: {PROVIDER} RDS parameter groups: {PARAMETER}",
    references=(
        "https://supabase.com/docs/guides/platform/ssl-enforcement",
        "https://www.postgresql.org/docs/current/libpq-ssl.html",
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html",
    ),
)


def check(subject: Resource, graph: Graph) -> Iterator[Violation]:
    """Check the settings of the server, and those of the provider's connection."""
    if subject.type == "supabase_settings":
        enforcement = subject["ssl_enforcement"]
        if enforcement.is_null:
            yield Violation(
                "ssl_enforcement is not set, so unencrypted connections are accepted", at=enforcement, fix=SUPABASE
            )
        elif enforcement == False:
            yield Violation(
                "ssl_enforcement is false, so unencrypted connections are accepted", at=enforcement, fix=SUPABASE
            )
    elif subject.kind == "provider":
        if subject.name.partition(".")[0] == "postgresql":
            yield from _provider(subject)
    else:
        for parameter in subject["parameter"]:
            if parameter["name"].is_one_of(FORCED) and parameter["value"].is_one_of(("0", 0, "OFF", "off")):
                yield Violation(
                    f"{parameter['name']} is off, so unencrypted connections are accepted",
                    at=parameter["value"],
                    fix=PARAMETER,
                )


def _provider(provider: Resource) -> Iterator[Violation]:
    if provider["host"].is_one_of(LOCAL) or provider["host"].test(_is_socket, "is a socket"):
        return
    mode = provider["sslmode"]
    if mode.is_null:
        yield Violation(
            "sslmode is not set, and the default, require, does not verify the server", at=mode, fix=PROVIDER
        )
        return  # equivalent: null equals no mode
    for name, words in UNVERIFIED.items():
        if mode == name:
            yield Violation(f"sslmode {name} {words}", at=mode, fix=PROVIDER)


def _is_socket(host: object) -> bool:
    return str(host).startswith("/")
