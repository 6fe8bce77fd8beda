select `:a`, 'it''s \' :b', :c, @x := :d # :e
 -- :f
 limit :g