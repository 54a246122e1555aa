"""What makes a good strategic: barriers, scarcity and transfer to military use?"""
