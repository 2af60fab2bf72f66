"""连片低效用地: inefficient parcels that lie together, found, adjusted and confirmed."""
