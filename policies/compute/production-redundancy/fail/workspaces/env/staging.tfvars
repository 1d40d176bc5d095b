least   = 1
standby = false
fixed   = 1
