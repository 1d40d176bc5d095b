"""`yamlencode` and `yamldecode`: https://developer.hashicorp.com/terraform/language/functions/yamldecode."""

from iacpolicy.core.types import DYNAMIC, STRING
from iacpolicy.evaluate.functions.common import text
from iacpolicy.evaluate.functions.frame import Function, Parameter
from iacpolicy.evaluate.functions.yaml_reading import read
from iacpolicy.evaluate.functions.yaml_writing import write
from iacpolicy.evaluate.values.value import Value


def _yamlencode(value: Value) -> Value:
    return text(write(value))


def _yamldecode(string: Value) -> Value:
    return read(string.data)


FUNCTIONS = (
    Function("yamldecode", (Parameter("src", STRING),), DYNAMIC, _yamldecode),
    Function("yamlencode", (Parameter("value", DYNAMIC, null=True),), STRING, _yamlencode),
)
