"""Columns with sensitive names in tables that anyone can read."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.databases import api_readers, ensure_certain
from iacpolicy.policy.library.sql import Aspect, SchemaModel, Table, Verdict, exposure_of, privilege

# Names are compared without underscores.
NAMES = frozenset(
    {
        "2facode",
        "2fasecret",
        "accesskey",
        "accesstoken",
        "accountnumber",
        "activationkey",
        "apikey",
        "apisecret",
        "authcode",
        "authkey",
        "authtoken",
        "backupcode",
        "bankaccount",
        "bankaccountnumber",
        "bearertoken",
        "bic",
        "birthdate",
        "cardnumber",
        "certificate",
        "clientsecret",
        "creditcard",
        "creditcardnumber",
        "cvc",
        "cvn",
        "cvv",
        "dateofbirth",
        "deviceuuid",
        "diagnosis",
        "dob",
        "driverlicense",
        "driverslicense",
        "facialrecognition",
        "gpgkey",
        "hashedpassword",
        "healthinsurance",
        "healthrecord",
        "iban",
        "idtoken",
        "imei",
        "insurancenumber",
        "ipaddress",
        "jwt",
        "licensekey",
        "licensenumber",
        "macaddr",
        "macaddress",
        "medicalinsurance",
        "medicalrecord",
        "medicalrecordnumber",
        "mfasecret",
        "nationalid",
        "oauthtoken",
        "otp",
        "passphrase",
        "passport",
        "passportid",
        "passportnumber",
        "passwd",
        "password",
        "passwordhash",
        "patientid",
        "pgpkey",
        "pin",
        "pincode",
        "privatekey",
        "pwd",
        "recoverycode",
        "refreshtoken",
        "routingnumber",
        "secret",
        "secretkey",
        "securityanswer",
        "sessionid",
        "sessionkey",
        "sessionsecret",
        "sessiontoken",
        "socialsecurity",
        "socialsecuritynumber",
        "sshkey",
        "ssn",
        "swiftcode",
        "taxid",
        "token",
        "totpsecret",
        "treatment",
        "twofactor",
        "verificationcode",
    }
)

# The remediation, with the name of the object.
FIX = (
    "Write `alter table {} enable row level security;` in a migration, with policies. Better, move these columns to "
    "a table in a schema that the API does not expose."
)

META = Meta(
    id="sensitive-columns-exposed",
    title="Anyone can read sensitive columns",
    severity=Severity.CRITICAL,
    on=("sql.table",),
    why=(
        "Without row-level security, anyone with the public key can read the table. Columns such as `password`, "
        "`api_key` or `iban` make that a reportable data leak."
    ),
    fix=FIX.format("…"),
    references=(
        "https://supabase.com/docs/guides/database/database-advisors?lint=0023_sensitive_columns_exposed",
        "https://supabase.com/docs/guides/database/vault",
    ),
)


def check(subject: Resource, graph: Graph) -> Iterator[Violation]:
    """Compare column names only, without dashes, underscores and case."""
    table, model = subject.payload
    exposure = exposure_of(table, model)
    if exposure.verdict is Verdict.FINE:
        return
    open_columns = [column for column in table.columns if _is_readable(column.name, table, model)]
    found = [column.name for column in open_columns if _folded(column.name) in NAMES]
    if found:
        ensure_certain(subject, exposure.reasons, table.doubts(Aspect.RLS))
        roles = " and ".join(api_readers(table, model, "select"))
        yield Violation(f"{subject.name} shows {', '.join(found)} to {roles}", at=subject, fix=FIX.format(subject.name))


def _is_readable(column: str, table: Table, model: SchemaModel) -> bool:
    held = [privilege(model, table, role, "select") for role in model.platform.api_roles]
    return any(each.granted and (not each.columns or column in each.columns) for each in held)


def _folded(name: str) -> str:
    return name.lower().replace("-", "_").replace("_", "")
