"""What subscribers will see between what is published and what the posts would now give: `feeder diff`."""
