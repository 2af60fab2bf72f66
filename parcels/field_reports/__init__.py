"""What a township saw on the ground: reports with photos and place, and what the bureau makes of them."""
