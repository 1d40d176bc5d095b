# Cloudflare R2 with the AWS provider has no object lock and no lifecycle rules.
provider "aws" {
  alias  = "r2"
  region = "auto"

  endpoints {
    s3 = "https://5f1d0c7ab94e4d0f8d6f2c2f3f1b7a11.r2.cloudflarestorage.com"
  }
}

resource "aws_s3_bucket" "direct" {
  provider = aws.r2
  bucket   = "backup-direct"
}

module "passed" {
  source    = "./store"
  providers = { aws = aws.r2 }
}
