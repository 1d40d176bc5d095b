variable "prefix" {
  description = "Name of the project."
  type        = string
}

variable "region" {
  description = "AWS region of the Supabase project."
  type        = string
}

variable "site_url" {
  description = "URL of the site to which users return after sign-in."
  type        = string
}

variable "organization_id" {
  description = "Supabase organisation that owns the project."
  type        = string
}

variable "instance_size" {
  description = "Compute size of the database."
  type        = string
}

variable "max_rows" {
  description = "Maximum number of rows that one API request returns."
  type        = number

  validation {
    condition     = var.max_rows > 0 && var.max_rows <= 1000
    error_message = "Between 1 and 1000 rows."
  }
}

variable "allowed_cidrs" {
  description = "CIDR ranges that may connect to PostgreSQL. The API is not restricted by them."
  type        = list(string)

  validation {
    condition     = length(var.allowed_cidrs) > 0 && !contains(var.allowed_cidrs, "0.0.0.0/0")
    error_message = "Name addresses, and never the whole internet: an empty list would open the database."
  }
}

variable "initial_password" {
  description = "Initial database password. It is changed right after the project is created."
  type        = string
  sensitive   = true
}

variable "role_passwords" {
  description = "Passwords of the login roles, by role."
  type        = map(string)
  sensitive   = true
  ephemeral   = true
}

variable "role_password_version" {
  description = "Version of the passwords. A higher number writes them again."
  type        = number
}
