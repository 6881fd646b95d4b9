// What a Relay client of one object writes: by its id, whatever its type, and again by that id.
import { graphql } from 'relay-runtime';

export const node = graphql`
  query NodeQuery($id: ID!) {
    node(id: $id) {
      __typename
      id
      ...Node_version @alias(as: "versioned")
      ...Node_family @alias(as: "family")
      ... on Child {
        displayName
        deathDate
      }
      ... on Programme {
        name
        budget {
          amount
          currency
        }
      }
    }
  }
`;

export const version = graphql`
  fragment Node_version on Versioned {
    version
    updatedAt
  }
`;

export const family = graphql`
  fragment Node_family on Family
  @refetchable(queryName: "NodeFamilyRefetchQuery")
  @argumentDefinitions(includePast: { type: "Boolean", defaultValue: false }) {
    members(includePast: $includePast) {
      id
      role
      person {
        id
        displayName
      }
      since
      until
    }
  }
`;
