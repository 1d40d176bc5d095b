postgres = { version = "15", encrypted = false }
cache    = false
