-- The shop's availability, as the dashboard shows it: a row for each day.
-- segment and route say of which group a row counts the requests; both NULL: of all of them.
SELECT day,
       NULL AS segment,
       NULL AS route,
       sum(requests) FILTER (WHERE status < 500) AS good,
       sum(requests) AS total
FROM app_requests
GROUP BY day
