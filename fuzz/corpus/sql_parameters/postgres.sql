select :a::int, ':b', $q$ :c $q$ -- :d
, E'\':e' /* :f */ from t where x = :g;