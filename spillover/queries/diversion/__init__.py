"""Do goods that no longer go to a target directly come to it through others?"""
