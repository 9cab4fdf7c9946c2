"""From entries and plans to bytes: one fragment an entry and format, and documents that join them; pure."""
