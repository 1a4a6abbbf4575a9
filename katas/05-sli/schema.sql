-- What the shop has written down of twenty years: a row for each day and kind of request. No
-- request is in two rows of a log.

-- As the load balancer counts, which everybody has to pass.
CREATE TABLE lb_requests (
    day      date    NOT NULL,
    route    text    NOT NULL,  -- home, search, product, account, checkout
    segment  text    NOT NULL,  -- private, trade: whose account it is; private if nobody's
    client   text    NOT NULL,  -- person, health check, partner, bot
    status   integer NOT NULL,  -- 499: the visitor left before the answer; 502: no app answered
    under_ms integer NOT NULL,  -- the smallest of 300, 1000, 3000, 10000 that it stayed below; a 499: 1000
    body     text    NOT NULL,  -- full, or empty: a page with nothing on it, or no page
    requests bigint  NOT NULL
);

-- As the app counts: it has no line of what never reached the app, and takes a visitor who left
-- for one who was served.
CREATE TABLE app_requests (LIKE lb_requests INCLUDING ALL);

-- Support's mailbox.
CREATE TABLE complaints (
    day        date    NOT NULL,  -- on which it was read
    about      text    NOT NULL,  -- the site, a price, a delivery
    segment    text    NOT NULL,
    complaints integer NOT NULL
);
