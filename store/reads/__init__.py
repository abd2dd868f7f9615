"""What the pages, the API and the command line ask: one Desk with everything that is known of the current draft, and views of it."""
