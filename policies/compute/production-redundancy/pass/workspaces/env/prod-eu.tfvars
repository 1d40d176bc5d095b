least   = 2
standby = true
