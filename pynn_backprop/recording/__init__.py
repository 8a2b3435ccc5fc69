"""What was recorded, as Neo blocks, and numbers from them."""
