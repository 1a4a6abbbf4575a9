"""What is sent to the site: plans, samples, and the processes that send and measure."""
