terraform {
  backend "s3" {
    bucket     = "tfstate"
    key        = "s3/terraform.tfstate"
    region     = "eu-central-1"
    access_key = "AKIA0018STATE0018ABC"           # expect: state-backend-credentials
    secret_key = "Wn7/Xq1Lz5Vc8Hm3Js6Pf0GaYb4Kd9" # expect: state-backend-credentials

    assume_role_with_web_identity = {
      role_arn           = "arn:aws:iam::111122223333:role/deploy"
      web_identity_token = "Regenrinne-4471-Uhu" # expect: state-backend-credentials
    }
  }
}
