variable "region" {
  type    = string
  default = "eu-central-1"
}

variable "labels" {
  type = map(any)
}

variable "service" {
  type = object({
    name  = string
    ports = optional(list(number), [443])
  })
}
