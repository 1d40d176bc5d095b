least   = 1
standby = false
