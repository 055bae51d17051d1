-- campaign_recipients.count_under_way
SELECT (count(*) FILTER (WHERE status = 'claimed'))::int AS claimed,
       (count(*) FILTER (WHERE status = 'transmitting'))::int AS transmitting
FROM campaign_recipients WHERE client_id = $1 AND campaign = $2 AND status IN ('claimed', 'transmitting');

-- campaign_recipients.list_hours
SELECT hour, sum(sent)::int AS sent, sum(opened)::int AS opened, sum(clicked)::int AS clicked
FROM campaign_hours WHERE client_id = $1 AND campaign = $2
GROUP BY hour ORDER BY hour LIMIT $3;

-- campaign_recipients.list_links
SELECT n, url, clicks FROM campaign_links WHERE client_id = $1 AND campaign = $2 ORDER BY n;
