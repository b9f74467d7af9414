# Each scenario of the library is a test of its own, whole, whatever the environment says of shards.
# Every .xml file in scenarios/ is a scenario, but for what lies in a folder named documents or data:
# those are what the scenarios' servers hand out.
if(NOT TARGET provlab)
  return()
endif()
file(GLOB_RECURSE scenario_files CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}
  ${CMAKE_SOURCE_DIR}/scenarios/*.xml)
list(FILTER scenario_files EXCLUDE REGEX "/(documents|data)/")
# No virtual world has the servers of these.
list(FILTER scenario_files EXCLUDE REGEX "^scenarios/interop/")
foreach(file ${scenario_files})
  string(REGEX REPLACE "^scenarios/(.*)\\.xml$" "scenario:\\1" name ${file})
  add_test(NAME ${name} COMMAND provlab run ${file} --shard 1/1 --strict
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${test_limit} LABELS scenario
    ENVIRONMENT PROVLAB_COMMAND=tools/provlab)
endforeach()
if(scenario_files)
  # Same scenario, same seed: the same trace, byte for byte (SPEC I11).
  add_test(NAME scenarios.twice COMMAND provlab run scenarios --twice --strict --shard 1/1
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  # Every rule of the specification is covered by the library.
  add_test(NAME scenarios.cover_every_rule COMMAND provlab list scenarios --rules
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(scenarios.cover_every_rule PROPERTIES PASS_REGULAR_EXPRESSION "\nuncovered: 0\n$")
endif()

# The power is cut at some places of all scenarios; at every place with `tools/check --power-cuts`.
if(scenario_files)
  add_test(NAME power_cuts.sampled COMMAND provlab cuts scenarios --sample 1500
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  add_test(NAME power_cuts.everywhere CONFIGURATIONS PowerCuts COMMAND provlab cuts scenarios
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(power_cuts.sampled PROPERTIES TIMEOUT ${test_limit} LABELS power_cuts
    ENVIRONMENT PROVLAB_COMMAND=tools/provlab)
  set_tests_properties(power_cuts.everywhere PROPERTIES TIMEOUT 3600 LABELS power_cuts
    ENVIRONMENT PROVLAB_COMMAND=tools/provlab)
endif()

# Patches that break the telephone on purpose (tools/mutants) must go on fitting the sources.
add_test(NAME mutants.apply COMMAND ${CMAKE_SOURCE_DIR}/tools/mutants --check)
set_tests_properties(mutants.apply PROPERTIES TIMEOUT 120)

# What a scenario can come to in any order of deliveries, beside it in a file: FILE.xml, FILE.outcomes.
file(GLOB_RECURSE baselines CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}
  ${CMAKE_SOURCE_DIR}/scenarios/*.outcomes)
foreach(file ${baselines})
  string(REGEX REPLACE "^scenarios/(.*)\\.outcomes$" "\\1" name ${file})
  add_test(NAME explored:${name}
    COMMAND provlab explore scenarios/${name}.xml --baseline ${file}
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(explored:${name} PROPERTIES TIMEOUT ${test_limit} LABELS explored
    ENVIRONMENT PROVLAB_COMMAND=tools/provlab)
endforeach()

# Which of it comes when, over the delays of answers: FILE.xml, FILE.map.
file(GLOB_RECURSE maps CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}
  ${CMAKE_SOURCE_DIR}/scenarios/*.map)
foreach(file ${maps})
  string(REGEX REPLACE "^scenarios/(.*)\\.map$" "\\1" name ${file})
  add_test(NAME mapped:${name}
    COMMAND provlab map scenarios/${name}.xml --baseline ${file}
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(mapped:${name} PROPERTIES TIMEOUT ${test_limit} LABELS mapped
    ENVIRONMENT PROVLAB_COMMAND=tools/provlab)
endforeach()
