-- What the learner may look at; each run fills it anew.
CREATE TABLE days (
    day integer PRIMARY KEY,
    errors integer NOT NULL
);
