-- One of the drawn years: what was counted in each minute, and what went wrong.

CREATE TABLE minutes (
    minute timestamptz PRIMARY KEY,
    total integer NOT NULL,
    bad integer NOT NULL
);

CREATE TABLE incidents (
    began timestamptz PRIMARY KEY,
    ended timestamptz NOT NULL,
    kind text NOT NULL,
    pace text NOT NULL,             -- fast and slow ones matter, harmless ones are no reason to wake anybody
    bad integer NOT NULL,
    budget_share double precision NOT NULL  -- of the 28 days' error budget
);
