select
  n as order_id,
  case when n < {{ var('broken', 0) }} then null else 10 + n % 90 end as amount
from range(12000) as numbers(n)
