"""What a kata is made of, what it is given, and the checks that all katas share."""
