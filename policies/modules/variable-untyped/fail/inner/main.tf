variable "size" {} # expect: variable-untyped
