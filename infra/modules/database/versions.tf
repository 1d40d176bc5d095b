terraform {
  required_version = "~> 1.11"

  required_providers {
    postgresql = {
      source  = "cyrilgdn/postgresql"
      version = "~> 1.26"
    }
    supabase = {
      source  = "supabase/supabase"
      version = "~> 1.10"
    }
  }
}
