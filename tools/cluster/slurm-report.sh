#!/usr/bin/env bash
#SBATCH --job-name=provlab-report
#SBATCH --time=00:10:00
#SBATCH --output=provlab-report-%j.log
# One verdict of the reports that tools/cluster/slurm-shards.sh has left.
#
#   sbatch --dependency=afterany:ARRAY tools/cluster/slurm-report.sh
set -u
results=${RESULTS:-build/results}

provlab report "$results"/suite-*.json --junit "$results/suite.xml" --html "$results/pages"
suite=$?
provlab report "$results"/soak-*.json --junit "$results/soak.xml"
soak=$?
exit $((suite > soak ? suite : soak))
