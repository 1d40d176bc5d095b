"""Statements that change nothing in the model, each with the reason.

After a statement of any kind that is neither here nor among the handlers of `replay`, every table is in doubt.
"""

from collections.abc import Mapping

_TEXT_SEARCH = "text search turns texts into words; it makes no relation and grants nothing"
_OPERATORS = "operator classes and families name functions for indexes; those functions compare values"
_TYPES = "a type holds no rows; the columns of a table of this type are already in doubt"
_STATISTICS = "statistics serve the planner only"
_TABLESPACES = "a tablespace is a place on the disk of the server"
_CURSORS = "the query of a cursor is looked at where it is declared"
_MESSAGES = "messages between sessions change no object"
_STORAGE = "it rewrites what is stored, and no definition"
_FOREIGN = "a foreign server, its wrapper and its users show nothing until a foreign table is made"
_OTHER_DATABASE = "it concerns another database, or limits of connections to this one"
_REPLICATION = "a subscription writes rows into tables that exist already; it makes no table and grants nothing"

HARMLESS: Mapping[str, str] = {
    "AlterCollationStmt": "a collation orders texts",
    "AlterDatabaseRefreshCollStmt": "a collation orders texts",
    "AlterDatabaseStmt": _OTHER_DATABASE,
    "AlterDomainStmt": _TYPES,
    "AlterEnumStmt": _TYPES,
    "AlterExtensionContentsStmt": "whether an object belongs to an extension only matters for dumps and for its drop",
    "AlterExtensionStmt": "an update changes the extension's own objects, which are the platform's",
    "AlterFdwStmt": _FOREIGN,
    "AlterForeignServerStmt": _FOREIGN,
    "AlterObjectDependsStmt": "a dependency on an extension only matters where that extension is dropped",
    "AlterOpFamilyStmt": _OPERATORS,
    "AlterOperatorStmt": "it changes an operator's owner or its estimates for the planner",
    "AlterStatsStmt": _STATISTICS,
    "AlterSubscriptionStmt": _REPLICATION,
    "AlterTSConfigurationStmt": _TEXT_SEARCH,
    "AlterTSDictionaryStmt": _TEXT_SEARCH,
    "AlterTableMoveAllStmt": _TABLESPACES,
    "AlterTableSpaceOptionsStmt": _TABLESPACES,
    "AlterTypeStmt": _TYPES,
    "AlterUserMappingStmt": _FOREIGN,
    "CheckPointStmt": _STORAGE,
    "ClosePortalStmt": _CURSORS,
    "ClusterStmt": _STORAGE,
    "CommentStmt": "a comment is a text about an object",
    "CompositeTypeStmt": _TYPES,
    "ConstraintsSetStmt": "it sets when constraints of this transaction are checked",
    "CreateAmStmt": "an access method decides how rows are stored",
    "CreateConversionStmt": "a conversion turns texts of one encoding into another",
    "CreateDomainStmt": _TYPES,
    "CreateEnumStmt": _TYPES,
    "CreateFdwStmt": _FOREIGN,
    "CreateForeignServerStmt": _FOREIGN,
    "CreateOpClassStmt": _OPERATORS,
    "CreateOpFamilyStmt": _OPERATORS,
    "CreatePLangStmt": "a language runs nothing by itself; functions and blocks written in it are looked at",
    "CreateRangeStmt": _TYPES,
    "CreateStatsStmt": _STATISTICS,
    "CreateSubscriptionStmt": _REPLICATION,
    "CreateTableSpaceStmt": _TABLESPACES,
    "CreateTransformStmt": "a transform hands a value to a language in another form",
    "CreateUserMappingStmt": _FOREIGN,
    "CreatedbStmt": _OTHER_DATABASE,
    "DeallocateStmt": "it forgets a prepared statement",
    "DropSubscriptionStmt": _REPLICATION,
    "DropTableSpaceStmt": _TABLESPACES,
    "DropUserMappingStmt": _FOREIGN,
    "DropdbStmt": _OTHER_DATABASE,
    "FetchStmt": _CURSORS,
    "ListenStmt": _MESSAGES,
    "LoadStmt": "a library adds functions and settings to the session; it makes no relation and grants nothing",
    "LockStmt": "a lock ends with the transaction",
    "NotifyStmt": _MESSAGES,
    "ReindexStmt": _STORAGE,
    "UnlistenStmt": _MESSAGES,
    "VacuumStmt": _STORAGE,
    "VariableShowStmt": "it shows a setting",
}
"""The reason for each kind, by the name of its node."""

_PLANNING = "it serves the planner or the storage of rows only"

HARMLESS_TABLE_COMMANDS: Mapping[str, str] = {
    "AT_AddOf": "the columns of the table must be those of the type already",
    "AT_AlterColumnGenericOptions": "options of a foreign table are read by its wrapper",
    "AT_AlterConstraint": "it changes when a constraint is checked",
    "AT_ClusterOn": _PLANNING,
    "AT_DetachPartitionFinalize": "it ends a DETACH whose effect is there already",
    "AT_DropCluster": _PLANNING,
    "AT_DropExpression": "a generated column becomes an ordinary one with the same values",
    "AT_DropOf": "the table keeps its columns",
    "AT_DropOids": "there are no such columns any more",
    "AT_GenericOptions": "options of a foreign table are read by its wrapper",
    "AT_ReplicaIdentity": "it decides which columns of an old row a publication sends",
    "AT_ResetOptions": _PLANNING,
    "AT_ResetRelOptions": _PLANNING,
    "AT_SetAccessMethod": _PLANNING,
    "AT_SetCompression": _PLANNING,
    "AT_SetExpression": "a generated column keeps its name and type",
    "AT_SetIdentity": "it changes options of the sequence",
    "AT_SetLogged": _PLANNING,
    "AT_SetOptions": _PLANNING,
    "AT_SetRelOptions": _PLANNING,
    "AT_SetStatistics": _PLANNING,
    "AT_SetStorage": _PLANNING,
    "AT_SetTableSpace": _PLANNING,
    "AT_SetUnLogged": _PLANNING,
    "AT_ValidateConstraint": "it checks the rows of a constraint that exists",
}
"""The reason for each command of ALTER TABLE that changes nothing in the model."""

HARMLESS_DROPS = frozenset(
    {
        "OBJECT_AGGREGATE", "OBJECT_CAST", "OBJECT_COLLATION", "OBJECT_CONVERSION", "OBJECT_FDW",
        "OBJECT_FOREIGN_SERVER", "OBJECT_OPCLASS", "OBJECT_OPERATOR", "OBJECT_OPFAMILY", "OBJECT_STATISTIC_EXT",
        "OBJECT_TRANSFORM", "OBJECT_TSCONFIGURATION", "OBJECT_TSDICTIONARY", "OBJECT_TSPARSER", "OBJECT_TSTEMPLATE",
    }
)  # fmt: skip
"""Objects that are not in the model; without CASCADE their DROP removes nothing else."""
