provider "registry.terraform.io/hashicorp/aws" {
  version     = "6.25.0"
  constraints = ">= 6.0.0"
  hashes      = ["h1:G1gDKV1d4kkr8xcR3Vdww1oPEVvS6pbfiUzeM+hPYRk="]
}
