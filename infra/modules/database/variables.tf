variable "prefix" {
  description = "Name of the project."
  type        = string
}

variable "region" {
  description = "AWS region that Supabase runs the project in."
  type        = string
}

variable "site_url" {
  description = "Where people sign in."
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
  description = "Most rows that one request to the API gets."
  type        = number

  validation {
    condition     = var.max_rows > 0 && var.max_rows <= 1000
    error_message = "Between 1 and 1000 rows."
  }
}

variable "allowed_cidrs" {
  description = "Who may connect to PostgreSQL itself; the API is not behind this."
  type        = list(string)

  validation {
    condition     = length(var.allowed_cidrs) > 0 && !contains(var.allowed_cidrs, "0.0.0.0/0")
    error_message = "Name addresses, and never the whole internet: an empty list would open the database."
  }
}

variable "initial_password" {
  description = "Password the project is made with, and which is changed right after."
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
  description = "Raise it to have the passwords written again."
  type        = number
}
