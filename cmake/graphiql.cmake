# The files that src/server/graphiql_assets.S embeds: GraphiQL and React from npm, our page around them.
set(graphiql_source ${PROJECT_SOURCE_DIR}/web/graphiql)
set(TENON_GRAPHIQL_FOLDER ${PROJECT_BINARY_DIR}/graphiql)
set(graphiql_modules ${graphiql_source}/node_modules)

if(NOT EXISTS ${graphiql_modules}/graphiql/graphiql.min.js OR NOT EXISTS ${graphiql_modules}/react-dom/umd)
  find_program(TENON_NPM npm)
  set(graphiql_result "npm is not installed")
  if(TENON_NPM)
    message(STATUS "Fetching GraphiQL: npm ci in web/graphiql")
    execute_process(COMMAND ${TENON_NPM} ci --ignore-scripts --no-audit --no-fund
      WORKING_DIRECTORY ${graphiql_source} RESULT_VARIABLE graphiql_result OUTPUT_QUIET)
  endif()
  if(NOT graphiql_result STREQUAL "0")
    message(FATAL_ERROR "GraphiQL's files could not be fetched (${graphiql_result}). With Node.js installed and "
      "the npm registry in reach run:  npm ci --ignore-scripts --prefix web/graphiql   then configure again.")
  endif()
endif()

# Compresses `source` into the folder, when it changed.
function(graphiql_asset name source)
  set(target ${TENON_GRAPHIQL_FOLDER}/${name}.gz)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
  if(${source} IS_NEWER_THAN ${target})
    execute_process(COMMAND gzip -9nc ${source} OUTPUT_FILE ${target} COMMAND_ERROR_IS_FATAL ANY)
  endif()
endfunction()

file(MAKE_DIRECTORY ${TENON_GRAPHIQL_FOLDER})
graphiql_asset(react.js ${graphiql_modules}/react/umd/react.production.min.js)
graphiql_asset(react-dom.js ${graphiql_modules}/react-dom/umd/react-dom.production.min.js)
graphiql_asset(graphiql.js ${graphiql_modules}/graphiql/graphiql.min.js)
graphiql_asset(graphiql.css ${graphiql_modules}/graphiql/graphiql.min.css)
graphiql_asset(page.js ${graphiql_source}/page.js)
graphiql_asset(page.css ${graphiql_source}/page.css)
configure_file(${graphiql_source}/page.html ${TENON_GRAPHIQL_FOLDER}/page.html COPYONLY)

file(GLOB graphiql_files ${TENON_GRAPHIQL_FOLDER}/*)
set_source_files_properties(server/graphiql_assets.S PROPERTIES
  OBJECT_DEPENDS "${graphiql_files}" INCLUDE_DIRECTORIES ${TENON_GRAPHIQL_FOLDER})
