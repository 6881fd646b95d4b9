// What a Relay client of the list of families writes; relay-compiler reads it, nothing runs it.
import { graphql } from 'relay-runtime';

export const page = graphql`
  query FamiliesQuery($count: Int!, $cursor: String, $filter: FamilyFilter) {
    ...Families_list @arguments(count: $count, cursor: $cursor, filter: $filter)
  }
`;

export const list = graphql`
  fragment Families_list on Query
  @refetchable(queryName: "FamiliesNextPageQuery")
  @argumentDefinitions(
    count: { type: "Int", defaultValue: 20 }
    cursor: { type: "String" }
    filter: { type: "FamilyFilter" }
  ) {
    families(
      first: $count
      after: $cursor
      filter: $filter
      orderBy: { field: UPDATED_AT, direction: DESC }
    ) @connection(key: "Families_families") {
      edges {
        node {
          id
          ...Families_family
        }
      }
    }
  }
`;

export const family = graphql`
  fragment Families_family on Family {
    reference
    label
    updatedAt
    openCase {
      status
      riskLevel
    }
    children {
      displayName
      birthDate
    }
    redactedFields
  }
`;
