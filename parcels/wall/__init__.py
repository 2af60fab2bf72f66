"""The wall map (挂图作战): the figures of a day and their ground on one screen."""
