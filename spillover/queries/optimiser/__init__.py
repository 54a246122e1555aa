"""Which designations reach an effect on a market, with the least loss to others?"""
