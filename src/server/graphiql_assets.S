// The files of the GraphiQL page as bytes of the program. cmake/graphiql.cmake makes them and puts their folder
// on the include path.
.section .rodata

.macro asset name, file
  .balign 16
  .globl tenon_asset_\name
  .globl tenon_asset_\name\()_end
tenon_asset_\name:
  .incbin "\file"
tenon_asset_\name\()_end:
  .byte 0
.endm

asset react, react.js.gz
asset react_dom, react-dom.js.gz
asset graphiql_js, graphiql.js.gz
asset graphiql_css, graphiql.css.gz
asset page_js, page.js.gz
asset page_css, page.css.gz
asset page_html, page.html

.section .note.GNU-stack, "", %progbits
