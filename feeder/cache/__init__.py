"""What was done before, kept between builds: heads, fragments, and the index over them; losing it costs time alone."""
