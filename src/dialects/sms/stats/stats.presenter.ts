import type { DeliveryStatus } from '../../../delivery/deliveries/delivery-status.js';
import type { Grouping } from '../../../delivery/stats/grouping.js';
import type { Figures, Stats, StatsRow } from '../../../delivery/stats/stats.service.js';
import { formatId } from '../../../platform/common/ids/type-id.js';
import type { FiguresDto, StatsDto, StatsGroupDto } from './stats.dto.js';

const RATE_DIGITS = 4;

export function presentStats({ from, to, total, groups }: Stats, groupBy: Grouping): StatsDto {
  return { from, to, groupBy, total: presentFigures(total), data: groups.map((row) => presentGroup(row, groupBy)) };
}

function presentGroup(row: StatsRow, groupBy: Grouping): StatsGroupDto {
  const { key, number } = row;
  return {
    day: groupBy === 'day' ? key : null,
    number: groupBy === 'number' ? { id: formatId('phone_number', key!), number: number! } : null,
    status: groupBy === 'status' ? (key as DeliveryStatus) : null,
    ...presentFigures(row),
  };
}

function presentFigures({
  messages,
  sent,
  delivered,
  undelivered,
  failed,
  received,
  segments,
  price,
}: Figures): FiguresDto {
  const ended = delivered + undelivered + failed;
  return {
    ...{ messages, sent, delivered, undelivered, failed, received, segments },
    price: Object.entries(price)
      .map(([currency, amount]) => ({ currency: currency || null, amount }))
      .sort((one, other) => (one.currency ?? '').localeCompare(other.currency ?? '')),
    deliveryRate: ended === 0 ? null : Number((delivered / ended).toFixed(RATE_DIGITS)),
  };
}
