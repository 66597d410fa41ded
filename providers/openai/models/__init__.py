"""The shapes that the realtime endpoints take, attribute by attribute. Nothing here sends anything."""
