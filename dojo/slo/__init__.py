"""What a service level is, and what a measurement says of it: values in, values out."""
