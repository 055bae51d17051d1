import type { RatingRow } from '../../../engagement/ratings/ratings.service.js';
import type { ConversationRatingDto, GivenRatingDto } from './rating.dto.js';

export function presentGivenRating({ score, comment }: RatingRow): GivenRatingDto {
  return { score, comment };
}

export function presentConversationRating(rating: RatingRow & { readonly url: string }): ConversationRatingDto {
  const { url, closedAt, ratedAt } = rating;
  return {
    ...presentGivenRating(rating),
    url,
    closed_at: closedAt.toISOString(),
    rated_at: ratedAt?.toISOString() ?? null,
  };
}
