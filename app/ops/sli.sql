-- The shop's availability, as the dashboard shows it.
SELECT day,
       NULL AS segment,
       NULL AS route,
       sum(requests) FILTER (WHERE status < 500) AS good,
       sum(requests) AS total
FROM app_requests
GROUP BY day
