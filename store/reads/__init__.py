"""What pages, API and command line ask: one Desk of all that is known of the current draft, and views of it."""
