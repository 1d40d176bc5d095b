least = 0
