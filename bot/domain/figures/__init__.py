"""The truth in figures: what is counted, over which time, what each figure means, and what a page shows.

`period` (days are somebody's local days) → `counting` (what one row adds to which tally) → `definitions` (what each
figure is called and means) → `board` (figures of a period with n, interval and change).
"""
